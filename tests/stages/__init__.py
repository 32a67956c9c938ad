"""The same company on every place to talk, driven by the hands of tests.workspace.Workspace."""
