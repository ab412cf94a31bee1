"""How far decoding alone mends published predictions, leave one split out.

    python benchmarks/decoding.py SHARED/predictions/50salads_mid [--models ed_tcn,tcnn] [--budget 20m] [--mend-only]

Every decoder is fitted on four of the five splits (settings by inner folds on those four) and decodes the fifth. "mend"
is one unattended ``segmend mend`` of the folder: the diagnosis names remedies and inner folds choose among them, in
each fold anew. F1@50 is given in the convention of Lea et al. (per cent, mean over videos), in which the predictions
were published, with the change against the plain Viterbi decoder of the same folds and its 95 % interval (as
``segmend compare``: paired, videos resampled within splits). Count MAE is over totals per video. Prints Markdown.
"""

import argparse
import dataclasses
import time
from pathlib import Path

from segmend import decoding
from segmend.artifacts.trial import Trial
from segmend.loading import load_predictions
from segmend.pipeline.compare import compared
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.on_files.mend_files import mend_files
from segmend.pipeline.trials.bench import bench_of, mean_count_mae
from segmend.pipeline.trials.perform import perform
from segmend.scoring import score
from segmend.scoring.objective import parse

MODELS = ("frame_svm", "dilated_tcn", "tcnn", "ed_tcn")
OBJECTIVE = "segment_f1@50 - 0.02*count_mae"
PLAIN = "viterbi"

HEAD = """
### {name}

| decoder | F1@50 (lea) | against plain Viterbi | accuracy | F1@50 (segmend) | count MAE | predicted / true | seconds |
|---|---:|---:|---:|---:|---:|---:|---:|"""


def row(decoder, prediction, plain, seconds=None):
    """One line of the table: scores of a prediction, and how they differ from those of the plain one."""
    lea, own = score(prediction, preset="lea", edit=False), score(prediction, edit=False)
    change = "-"
    if plain is not None:
        options = {"seed": 0, "draws": 1000, "level": 0.95}
        found = compared(plain, prediction, {"preset": "lea", "edit": False}, options)["segment"]["f1@50"]
        low, high = found["interval"]
        change = f"{found['difference']:+.1f} ({low:+.1f} to {high:+.1f})"
    cells = (
        f"{lea['segment']['f1@50']:.1f}",
        change,
        f"{100 * own['step']['accuracy']:.1f}",
        f"{100 * own['segment']['f1@50']:.1f}",
        f"{own['count']['mae']:.2f}",
        f"{own['count']['ratio']:.2f}",
        "" if seconds is None else f"{seconds:.0f}",
    )
    return f"| {decoder} | {' | '.join(cells)} |"


def rows_of(folder, options):
    """The lines of one model's table."""
    prediction, _ = with_probabilities(load_predictions(folder))
    bench = bench_of(prediction, parse(options.objective))

    def decoded(name):
        began = time.perf_counter()
        done = perform(Trial(name=name, edits={"decoder": name}), bench)
        return dataclasses.replace(prediction, y_pred=done.answers), time.perf_counter() - began

    plain, seconds = decoded(PLAIN)
    yield row("argmax", prediction, plain)
    yield row(PLAIN, plain, None, seconds)
    for name in decoding.serving(prediction.task) if not options.mend_only else ():
        if name not in ("argmax", PLAIN):
            one, seconds = decoded(name)
            yield row(name, one, plain, seconds)
    began = time.perf_counter()
    mended = mend_files(folder, objective=options.objective, budget=options.budget)
    certificate = mended.certificate
    said = f"**mend**: {certificate.verdict}, {certificate.chosen}, beats {control_of(certificate)}"
    yield row(said, mended.prediction, plain, time.perf_counter() - began)
    yield f"| always the mean count | - | - | - | - | {mean_count_mae(bench):.2f} | | |"


def control_of(certificate):
    """The share of random remedies that the choice beats."""
    share = certificate.control.get("beaten_share")
    return "no control" if share is None else f"{100 * share:.0f} % of {certificate.control['drawn']} random remedies"


def main():
    """Print one table per model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--objective", default=OBJECTIVE)
    parser.add_argument("--budget", default="20m")
    parser.add_argument("--mend-only", action="store_true", help="leave out the decoders that mend tries one by one")
    options = parser.parse_args()
    for name in options.models.split(","):
        print(HEAD.format(name=name), flush=True)
        for line in rows_of(options.folder / name, options):
            print(line, flush=True)


if __name__ == "__main__":
    main()
