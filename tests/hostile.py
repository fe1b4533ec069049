"""Texts that someone else wrote, and means harm: shared with the tests in JavaScript (tests/golden/hostile.json)."""

import json
from pathlib import Path

_READ = json.loads((Path(__file__).parent / "golden" / "hostile.json").read_text())

TEXTS = {name: text if isinstance(text, str) else text[0] * text[1] for name, text in _READ.items()}
"""By what they try. One that is too long to write is told in the file by a part and how often it comes."""

SHORT = {name: text for name, text in TEXTS.items() if len(text) < 1000}
"""Without the floods."""

SIGN = "hacked"
"""What scripts of these texts would set on the page's window."""

ADDRESS = "127.0.0.1:9"
"""What some would have the page ask for: nobody listens there."""
