"""From findings to trials, from outcomes to a certificate.

``trials.next_trial`` asks for a remedy that a finding names, ``control.next_trial`` for one drawn at random;
the pipeline performs them, and ``certificate.certify`` judges what came of it.
"""
