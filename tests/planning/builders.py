"""Fingerprints to plan from, without data."""

from __future__ import annotations

from segmend.artifacts.fingerprint import ChannelFacts, ClassFacts, Fingerprint, Quantiles, RecordingFacts


def quantiles(p5, p50, p95):
    return Quantiles(p5=p5, p25=p50, p50=p50, p75=p50, p95=p95, max=p95)


def class_facts(name, *, duration=(20, 40, 80), segments=50, share=0.2):
    return ClassFacts(
        name=name,
        steps=int(1000 * share),
        step_share=share,
        segments=segments,
        segment_share=0.5,
        recordings=3,
        duration=quantiles(*duration),
        gap=quantiles(10, 20, 30),
    )


def fingerprint(*, classes=None, background=0, steps=(1000, 2000, 3000), gap=(10, 20, 40), channels=2, role="train"):
    """Two classes of 20 to 80 steps in three recordings, unless told otherwise."""
    classes = classes if classes is not None else (class_facts("a"), class_facts("b"))
    names = tuple(c.name for c in classes)
    rest = max(0.0, 1 - sum(c.step_share for c in classes))
    lengths = [c.duration for c in classes if c.segments]
    none = Quantiles()
    return Fingerprint(
        task={"kind": "segmentation"},
        labels=names if background is None else ("background", *names),
        background=background,
        background_share=0.0 if background is None else rest,
        measured_on="train",
        sampling_rate_hz=50.0,
        recordings=tuple(
            RecordingFacts(name=f"r{k}", group=f"g{k}", role=role, steps=n, segments=20) for k, n in enumerate(steps)
        ),
        channels=tuple(ChannelFacts(name=f"c{k}", mean=0.0, std=1.0, min=-3.0, max=3.0) for k in range(channels)),
        classes=classes,
        duration=quantiles(
            min(q.p5 for q in lengths), sorted(q.p50 for q in lengths)[len(lengths) // 2], max(q.p95 for q in lengths)
        )
        if lengths
        else none,
        gap=none if gap is None else quantiles(*gap),
        steps=sum(steps),
        segments=sum(c.segments for c in classes),
    )
