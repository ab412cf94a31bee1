"""How far decoding alone mends published predictions, leave one split out.

    python benchmarks/decoding.py SHARED/predictions/50salads_mid [--models ed_tcn,tcnn] [--budget 5m]

Every decoder is fitted on four of the five splits (settings by inner folds on those four) and decodes the fifth. "mend"
is ``segmend mend``: the diagnosis names remedies and inner folds choose among them, in each fold anew. F1@50 is given
in the convention of Lea et al. (per cent, mean over videos), in which the predictions were published, and in
segmend's (pooled, optimal matching). Count MAE is over totals per video. Prints Markdown.
"""

import argparse
import dataclasses
import time
from pathlib import Path

from segmend import catalogue
from segmend.artifacts.trial import Trial
from segmend.loading import load_predictions
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.on_files.mend_files import mend_files
from segmend.pipeline.trials.bench import bench_of, mean_count_mae
from segmend.pipeline.trials.perform import perform
from segmend.scoring import score
from segmend.scoring.objective import parse

MODELS = ("frame_svm", "dilated_tcn", "tcnn", "ed_tcn")

KNOWN = {
    "frame_svm": "50.7; 5.0",
    "dilated_tcn": "57.1; 2.9",
    "tcnn": "50.0; 3.2",
    "ed_tcn": "59.9; 2.5",
}
"""F1@50 (lea) and count MAE of a plain semi-Markov decoder made elsewhere on the same predictions and folds."""


def figures(prediction, y_pred):
    """F1@50 as Lea's and as segmend's, count MAE and count ratio."""
    decoded = dataclasses.replace(prediction, y_pred=tuple(y_pred))
    lea, own = score(decoded, preset="lea", edit=False), score(decoded, edit=False)
    return lea["segment"]["f1@50"], own["segment"]["f1@50"], own["count"]["mae"], own["count"]["ratio"]


def rows_of(name, folder, budget):
    """One row per decoder: its name, figures and seconds."""
    prediction, _ = with_probabilities(load_predictions(folder))
    bench = bench_of(prediction, parse("segment_f1@50"))
    for decoder in catalogue.DECODERS:
        began = time.perf_counter()
        done = perform(Trial(name=decoder, edits={"decoder": decoder}), bench)
        yield decoder, figures(prediction, done.y_pred), time.perf_counter() - began
    began = time.perf_counter()
    mended = mend_files(folder, budget=budget)
    certificate = mended.certificate
    said = f"**mend**: {certificate.verdict}, {certificate.chosen}, beats {control_of(certificate)}"
    yield said, figures(prediction, mended.prediction.y_pred), time.perf_counter() - began
    yield "known plain semi-Markov", KNOWN[name], None
    yield "always the mean count", f"-; {mean_count_mae(bench):.2f}", None


def control_of(certificate):
    """The share of random remedies that the choice beats."""
    share = certificate.control.get("beaten_share")
    return "no control" if share is None else f"{100 * share:.0f} % of {certificate.control['drawn']} random remedies"


def main():
    """Print one table per model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--budget", default="5m")
    options = parser.parse_args()
    for name in options.models.split(","):
        print(f"\n### {name}\n\n| decoder | F1@50 (lea) | F1@50 (segmend) | count MAE | predicted / true | seconds |")
        print("|---|---:|---:|---:|---:|---:|")
        for decoder, found, seconds in rows_of(name, options.folder / name, options.budget):
            if isinstance(found, str):
                f1, mae = found.split("; ")
                print(f"| {decoder} | {f1} | | {mae} | | |", flush=True)
            else:
                lea, own, mae, ratio = found
                print(
                    f"| {decoder} | {lea:.1f} | {100 * own:.1f} | {mae:.2f} | {ratio:.2f} | {seconds:.0f} |", flush=True
                )


if __name__ == "__main__":
    main()
