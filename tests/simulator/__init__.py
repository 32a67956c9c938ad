"""The simulator: the real dispatch, delivery, scheduler and store on a seeded clock, network and disk.

A seed decides everything: what people type, how long each call takes and what becomes of it, which process dies or
hangs and when. The same seed is the same run, step by step.
"""
