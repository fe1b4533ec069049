"""Views as widgets: one class a view, named like js/views."""
