"""Figures of a fit: prior and posterior, and how well known parameters came back."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from calibration.comparison import FIT
from calibration.fit.inference import Inference
from calibration.fit.recovery import RECOVERED
from sim.figures import style
from sim.figures.around import shared_labels, shared_legend
from sim.figures.source import SourceLine

_ACROSS = 3
_PRIOR, _POSTERIOR, _FAILED = style.BASELINE_COLOUR, style.PALETTE[0], style.PALETTE[1]
_BINS = 10
_FROM, _TO = -3.5, 3.5  # standard deviations of the prior


def posterior_figure(inference: Inference, source: SourceLine | None = None) -> Figure:
    """Draw the prior and the posterior of every fitted parameter, on the scale of prior scores."""
    number = len(inference.paths)
    figure = style.new_figure(1.5 + 1.15 * -(-number // _ACROSS))
    axes = style.panels(figure, number, _ACROSS, sharex=True, sharey=True)
    grid = np.linspace(_FROM, _TO, 200)
    prior = np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi)
    table = inference.table().set_index("parameter")
    for column, (axis, path) in enumerate(zip(axes, inference.paths, strict=True)):
        values, weights = inference.posterior.scores[:, column], inference.posterior.weights
        width = max(1.06 * inference.posterior.sd[column] * inference.posterior.size**-0.2, 0.05)
        kernels = np.exp(-(((grid[:, None] - values) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
        axis.fill_between(grid, prior, color=_PRIOR, alpha=0.35, linewidth=0)
        axis.plot(grid, kernels @ weights, color=_POSTERIOR, linewidth=1.4)
        row = table.loc[path]
        style.panel_title(axis, path)
        axis.text(
            0.98,
            0.95,
            f"{row['median']:.3g}\n({row['low']:.3g}, {row['high']:.3g})",
            transform=axis.transAxes,
            ha="right",
            va="top",
            fontsize=style.SMALL - 1,
            color=_POSTERIOR,
        )
        axis.set_yticks([])
        axis.set_xticks([-2, 0, 2])
    axes[0].set_ylim(bottom=0)
    style.frame(
        figure,
        f"What the record of {FIT} says of the shared parameters",
        source,
        "In the panels: the posterior's median and 90 % interval, in the parameter's own unit."
        " Heights are densities, alike in all panels. Parameters that are not recovered are not shown.",
    )
    shared_labels(figure, "standard deviations of the prior, from its middle")
    shared_legend(
        figure,
        [
            Patch(color=_PRIOR, alpha=0.35, linewidth=0, label="prior of the calibration"),
            Line2D([], [], color=_POSTERIOR, linewidth=1.4, label="posterior"),
        ],
        columns=2,
    )
    return figure


def calibration_figure(inference: Inference, source: SourceLine | None = None) -> Figure:
    """Draw ranks of known parameters in their posteriors; they are uniform if the posterior is right."""
    recovery = inference.recovery
    number = len(recovery.paths)
    histories = len(recovery.truth)
    figure = style.new_figure(1.5 + 1.15 * -(-number // _ACROSS))
    axes = style.panels(figure, number, _ACROSS, sharex=True, sharey=True)
    expected = histories / _BINS
    band = 1.96 * np.sqrt(expected * (1 - 1 / _BINS))
    table = recovery.table().set_index("parameter")
    for column, (axis, path) in enumerate(zip(axes, recovery.paths, strict=True)):
        axis.axhspan(expected - band, expected + band, color=_PRIOR, alpha=0.25, linewidth=0)
        axis.hist(recovery.ranks[:, column], bins=_BINS, range=(0, 1), color=_POSTERIOR, rwidth=0.85)
        row = table.loc[path]
        style.panel_title(axis, path)
        axis.text(
            0.5,
            0.9,
            f"of 50 %: {row['cover_50']:.2f}   of 90 %: {row['cover_90']:.2f}",
            transform=axis.transAxes,
            ha="center",
            fontsize=style.SMALL - 1,
            color=style.INK,
        )
        axis.set_xticks([0, 0.5, 1])
    highest = max(np.histogram(ranks, bins=_BINS, range=(0, 1))[0].max() for ranks in recovery.ranks.T)
    axes[0].set_ylim(0, 1.3 * max(highest, expected + band))
    style.frame(
        figure,
        f"Ranks of known parameters in their posteriors, {histories} synthetic histories",
        source,
        "Flat is right. In the panels: share of 50 % and 90 % intervals that hold the true value.",
    )
    shared_labels(figure, "rank of the true value in its posterior", "synthetic histories")
    shared_legend(
        figure,
        [
            Patch(color=_POSTERIOR, linewidth=0, label="histories"),
            Patch(color=_PRIOR, alpha=0.25, linewidth=0, label="where 95 % of bars lie if ranks are uniform"),
        ],
        columns=2,
    )
    return figure


def recovery_figure(inference: Inference, source: SourceLine | None = None) -> Figure:
    """Draw how much of each parameter's prior variance comes back, by regression and by the posterior."""
    order = np.argsort(inference.explained)
    heights = np.arange(len(order))
    figure = style.new_figure(1.6 + 0.19 * len(order))
    axis: Axes = style.panels(figure, 1, 1)[0]
    explained = np.maximum(inference.explained[order], 0)
    colours = [_colour(inference, int(place)) for place in order]
    axis.barh(heights, explained, color=colours, height=0.7)
    found = inference.table()["recovered"].to_numpy(dtype=float)[order]
    axis.plot(
        np.maximum(found, 0), heights, "D", color=style.INK, markeredgecolor="white", markersize=4.5, zorder=4
    )
    axis.axvline(RECOVERED, color=style.FAINT, linewidth=0.8, linestyle="--")
    axis.set_yticks(heights, [inference.asked[place].path for place in order])
    axis.tick_params(axis="y", length=0)
    axis.set_ylim(-0.7, len(order) - 0.3)
    axis.set_xlim(-0.01, max(0.5, 1.05 * float(np.nanmax([*explained, *found]))))
    axis.set_xlabel("share of the prior's variance", fontsize=style.SMALL)
    handles: list[Artist] = [
        Patch(color=_POSTERIOR, linewidth=0, label="explained by regression: fitted"),
        Patch(color=_PRIOR, linewidth=0, label="too little: left at its prior"),
        Line2D(
            [], [], marker="D", color=style.INK, markersize=4, linestyle="", label="found by the posterior"
        ),
    ]
    if inference.failed:
        handles.insert(1, Patch(color=_FAILED, linewidth=0, label="explained, not found: left at its prior"))
    style.frame(
        figure,
        f"Which parameters a history of {FIT.years} years can tell",
        source,
        f"Out of sample, in synthetic histories; below 0 is drawn at 0. Dashed: {RECOVERED:g}, which both"
        " must reach for a parameter to be fitted.",
    )
    shared_legend(figure, handles, columns=2)
    return figure


def _colour(inference: Inference, place: int) -> str:
    path = inference.asked[place].path
    return _POSTERIOR if path in inference.paths else _FAILED if path in inference.failed else _PRIOR
