"""Whatever people do in whatever order, what holds is held against a plain model of the company."""
