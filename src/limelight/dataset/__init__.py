"""A whole data set: what matters in it, and how outputs depend on it."""
