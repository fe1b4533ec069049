"""Which files come first."""

# Those that take longest, so that none of them is left alone at the end.
LONGEST = {"test_callback", "test_damaged", "test_endings", "test_errors", "test_estimating", "test_hostile",
           "test_leaf_tables", "test_loaded", "test_many", "test_messages", "test_networks", "test_odd_process",
           "test_own_text", "test_page", "test_ray", "test_rise", "test_rows", "test_training_documents",
           "test_tree_shap", "test_wandb"}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem not in LONGEST)
