"""Figures of a fit: prior and posterior, and how well known parameters came back."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.fit.inference import Inference
from calibration.fit.recovery import RECOVERED
from sim.figures import style

_ACROSS = 3
_PRIOR, _POSTERIOR = style.NULL_COLOUR, style.PALETTE[0]
_BINS = 10


def posterior_figure(inference: Inference) -> Figure:
    """Draw the prior and the posterior of every fitted parameter, on the scale of prior scores."""
    number = len(inference.paths)
    figure = style.new_figure(1.2 + 1.15 * -(-number // _ACROSS))
    axes = style.panels(figure, number, _ACROSS, sharex=True, sharey=True)
    grid = np.linspace(-3.5, 3.5, 200)
    prior = np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi)
    table = inference.table().set_index("parameter")
    for column, (axis, path) in enumerate(zip(axes, inference.paths, strict=True)):
        values, weights = inference.posterior.scores[:, column], inference.posterior.weights
        width = max(1.06 * inference.posterior.sd[column] * inference.posterior.size**-0.2, 0.05)
        kernels = np.exp(-(((grid[:, None] - values) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi))
        axis.fill_between(grid, prior, color=_PRIOR, alpha=0.35, linewidth=0)
        axis.plot(grid, kernels @ weights, color=_POSTERIOR, linewidth=1.4)
        row = table.loc[path]
        style.panel_title(axis, path.partition(".")[2].replace("_", " "))
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
    style.frame(
        figure,
        "What the record of 1992-2013 says of the shared parameters",
        None,
        "Grey: prior; blue: posterior, with its median and 90 % interval in the parameter's own unit."
        " Horizontal: standard deviations of the prior.",
    )
    return figure


def calibration_figure(inference: Inference) -> Figure:
    """Draw ranks of known parameters in their posteriors; they are uniform if the posterior is right."""
    recovery = inference.recovery
    number = len(recovery.paths)
    histories = len(recovery.truth)
    figure = style.new_figure(1.3 + 1.15 * -(-number // _ACROSS))
    axes = style.panels(figure, number, _ACROSS, sharex=True, sharey=True)
    expected = histories / _BINS
    band = 1.96 * np.sqrt(expected * (1 - 1 / _BINS))
    table = recovery.table().set_index("parameter")
    for column, (axis, path) in enumerate(zip(axes, recovery.paths, strict=True)):
        axis.axhspan(expected - band, expected + band, color=_PRIOR, alpha=0.25, linewidth=0)
        axis.hist(recovery.ranks[:, column], bins=_BINS, range=(0, 1), color=_POSTERIOR, rwidth=0.85)
        row = table.loc[path]
        style.panel_title(axis, path.partition(".")[2].replace("_", " "))
        axis.text(
            0.5,
            0.9,
            f"50 %: {row['cover_50']:.0%}   90 %: {row['cover_90']:.0%}",
            transform=axis.transAxes,
            ha="center",
            fontsize=style.SMALL - 1,
            color=style.INK,
        )
        axis.set_xticks([0, 0.5, 1])
    highest = max(np.histogram(ranks, bins=_BINS, range=(0, 1))[0].max() for ranks in recovery.ranks.T)
    axes[0].set_ylim(0, 1.25 * highest)
    style.frame(
        figure,
        f"Ranks of known parameters in their posteriors, {histories} synthetic histories",
        None,
        "Flat is right; grey: where 95 % of bars would lie. In the panels: share of 50 % and 90 % intervals"
        " that hold the truth.",
    )
    return figure


def recovery_figure(inference: Inference) -> Figure:
    """Draw how much of each parameter's prior variance the statistics explain."""
    order = np.argsort(inference.explained)
    figure = style.new_figure(1.2 + 0.19 * len(order))
    axis: Axes = style.panels(figure, 1, 1)[0]
    values = np.maximum(inference.explained[order], 0)
    colours = [_POSTERIOR if value >= RECOVERED else _PRIOR for value in inference.explained[order]]
    axis.barh(np.arange(len(order)), values, color=colours, height=0.7)
    axis.axvline(RECOVERED, color=style.FAINT, linewidth=0.8)
    axis.set_yticks(np.arange(len(order)), [inference.asked[place].path for place in order])
    axis.tick_params(axis="y", length=0)
    axis.set_xlim(0, max(0.5, float(values.max()) * 1.05))
    style.frame(
        figure,
        "Which parameters a history of 22 years can tell",
        None,
        "Share of the prior's variance explained by the statistics, cross-validated."
        f" Those below {RECOVERED:g} (grey) stay at their prior.",
    )
    return figure
