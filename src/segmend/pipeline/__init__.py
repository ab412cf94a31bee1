"""The verbs: the only place where two rooms meet and the only one that knows their order. One verb, one file.

What verbs share stands in folders: ``inputs`` (what users hand in, as artifacts), ``charting`` (a model and data on one
chart for the doctor), ``runs`` (one training and its folder), ``trials`` (remedies tried and judged), ``on_files``
(verbs on files), ``outputs`` (what ``predict`` writes), ``results`` (what users keep) and ``demos``.
"""
