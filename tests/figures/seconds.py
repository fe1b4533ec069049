"""How long answers took, at the same number of evaluations: the runs of the accuracy tables."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from accuracy import tasks
from answers import PEERS, answers
from ours import measured
from plan import chosen, markdown


def report(quick: bool) -> str:
    """Median seconds by features and evaluations, of tables."""
    games = [game for group in chosen(quick).values() for game in group if game.kind == "table"]
    asked = {task: game for game in games for task in tasks(game, quick)}
    found: dict[tuple[int, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for task, answer in answers(list(asked)).items():
        line = found[asked[task].n, task.m]
        line[task.peer].append(answer.seconds)
        line["limelight"].append(measured(asked[task], task.m, task.seed).seconds)
    rows = [[str(n), str(m), *(f"{median(line[who]):.3f}" for who in ("limelight", *PEERS))]
            for (n, m), line in sorted(found.items())]
    return ("## Seconds\n\nMedian processor time of one answer for a table, what the model takes included.\n\n"
            + markdown(["n", "evaluations", "limelight", *PEERS], rows))
