"""The page of one report at the desk: who, what happened, its timeline, and what an officer can do."""
