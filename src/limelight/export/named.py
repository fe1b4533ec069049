"""What is told by its name, as loading its class would take long, or it stands above exports."""

from __future__ import annotations

from typing import Any


def is_a(name: str, shown: Any) -> bool:
    """Whether it is of limelight's class of that name."""
    return any(each.__name__ == name and each.__module__.startswith("limelight.") for each in type(shown).__mro__)
