"""Write shapiq.json: exact Shapley interaction indices of a random game, by shapiq itself.

shapiq's newest release wants Python 3.12: run it where `make figures` installs the peers,
`build/peers/bin/python tests/peers/make_shapiq.py`.
"""

import json
from pathlib import Path

import numpy as np
import shapiq

N = 7
table = np.random.default_rng(7).normal(size=2**N)
computer = shapiq.ExactComputer(n_players=N, game=lambda rows: table[np.asarray(rows, int) @ (1 << np.arange(N))])
found = computer("SII", order=2)
pairs = {f"{i},{j}": float(found[(i, j)]) for i in range(N) for j in range(i + 1, N)}
Path(__file__).with_name("shapiq.json").write_text(json.dumps({"version": shapiq.__version__, "n": N, "seed": 7,
                                                               "pairs": pairs}, indent=1) + "\n")
