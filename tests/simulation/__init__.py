"""
The whole server in one process, in virtual time, with everything going wrong that can.

`python -m tests.simulation --seeds 100` runs as many as one likes; a failing
run prints its seed, and the seed replays it, frame by frame.
"""
