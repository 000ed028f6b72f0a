"""What every stand-in shares: server, clock, faults, ledger, control actions, page and command line.

A stand-in is a flask application over a state of its own. It calls `instrument.instrument` once, and thereby gets its
calls counted (`Ledger`), its failures on command (`FaultPlan`) and the control actions under ``/_sandbox/``.
"""
