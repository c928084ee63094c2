"""Questions as data: how each input is asked, read, shown and described; for citizens, the desk and programs alike."""
