"""What the notebooks need besides limelight."""

import os

# Read by transformers when it is imported: every model here comes from an installed package.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
