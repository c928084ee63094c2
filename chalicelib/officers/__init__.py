"""The things that an officer sets for their own work at the desk; nothing of a report or its reporter."""
