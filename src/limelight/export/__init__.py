"""Explanations outside of a view: pictures, figures, tables."""
