"""LeverageSHAP's published table beside our answers to the same questions."""

from __future__ import annotations

from statistics import mean, median

from answers import Task, answers
from games import games
from ours import measured
from plan import markdown

TIMES = 8
PEER = "LeverageSHAP"
PUBLISHED = {
    "Permutation SHAP": ("5.76e-3 (3.1e-8)", "9.37e-3 (4.7e-3)", "1.79e-2 (1.24e-2)", "7.85e-3 (4.6e-3)"),
    "Kernel SHAP": ("5.35e-9", "1.24e-2 (5.4e-3)", "1.45e-2 (1.05e-2)", "6.20e-3 (4.5e-3)"),
    "Leverage SHAP": ("5.35e-9", "3.07e-3 (1.3e-3)", "7.65e-3 (5.5e-3)", "3.31e-3 (2.5e-3)"),
}
"""arXiv 2410.01917 and its repository (tables/main_shap_error.tex); IRIS, Diabetes, Correlated, Independent."""


def report(quick: bool) -> str:
    """Mean (median) of the relative squared error at 8 evaluations a feature."""
    found = [game for game in games(("published",)) if not quick or int(game.name.split()[-1]) < 5]
    names = list(dict.fromkeys(game.group for game in found))
    m = {game.name: min(TIMES * game.n, 2**game.n) for game in found}
    peers = answers([Task(PEER, game.name, m[game.name], run) for run, game in enumerate(found)])
    again = {task.game: answer.error for task, answer in peers.items()}
    ours = {game.name: measured(game, m[game.name], run).error for run, game in enumerate(found)}
    rows = [[f"{name}, published", *columns] for name, columns in PUBLISHED.items()]
    rows += [[name, *(_mean_median([errors[game.name] for game in found if game.group == group]) for group in names)]
             for name, errors in (("Leverage SHAP of shapiq, here", again), ("limelight", ours))]
    runs = len(found) // len(names)
    return ("## The published table of LeverageSHAP\n\nMean (median) of the relative squared error with "
            f"{TIMES} evaluations a feature: the published lines of 100 runs, ours of {runs} with the same seeds. Its "
            "Permutation SHAP spent about twice the evaluations. IRIS has fewer coalitions than that: what is left is "
            "the trees' float32.\n\n" + markdown(["", *names], rows))


def _mean_median(errors: list[float]) -> str:
    return f"{mean(errors):.2e} ({median(errors):.1e})"
