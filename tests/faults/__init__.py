"""What the store must survive: kills, failing disks, two builds at once, damaged files, strange articles.

Only the public surface is used, and what is on disk is damaged from outside. Every random choice comes from a seed, and
a failure names it. `ARTICLE_QA_FAULT_SCALE=full` tries the larger numbers; `python -m bench.faults` records them.
"""
