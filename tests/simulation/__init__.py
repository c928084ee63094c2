"""The whole portal in a simulation: one seed decides what happens, and plain books must agree with what came of it."""
