from assets import screenshot


def test_quickstart(lab):
    screenshot.quickstart(lab)


def test_overview(lab):
    screenshot.overview(lab)
