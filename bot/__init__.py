"""Wire the process: settings, dispatch, delivery, scheduler, platforms and pages."""
