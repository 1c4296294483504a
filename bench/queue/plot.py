"""The race as a picture: messages per second and CPU per message above the length of the backlog."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from bench.queue.contenders import OURS
from bench.queue.race import Lap


def draw(laps: Mapping[int, Mapping[str, list[Lap]]], path: Path) -> list[str]:
    """Write the picture; without matplotlib write none, and say so."""
    if find_spec("matplotlib") is None:
        return ["No picture: matplotlib is not installed."]
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "plixo", "svg.fonttype": "none", "font.size": 9})
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    speed, cost = figure.subplots(1, 2)
    names = list(dict.fromkeys(name for each in laps.values() for name in each))
    for name in names:
        sizes = [size for size in laps if name in laps[size]]
        style = {"marker": "o", "linewidth": 2.5 if name == OURS else 1.2, "label": name}
        speed.plot(sizes, [median(lap.rate for lap in laps[size][name]) for size in sizes], **style)
        cost.plot(sizes, [median(lap.cpu_ms for lap in laps[size][name]) for size in sizes], **style)
    for axes, title in ((speed, "messages per second"), (cost, "CPU per message, ms")):
        axes.set(xscale="log", yscale="log", xlabel="backlog, 10 % due", title=title)
        axes.grid(visible=True, which="major", alpha=0.3)
    figure.legend(*speed.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(path, metadata={"Date": None})
    return []
