"""Leaves a package out for the processes of a Ray cluster.

jsonschema takes it where it is installed, as it is beside Jupyter. Its grammar takes seconds of each process to build,
and a cluster begins with six at once.
"""

raise ImportError("left out: see above")
