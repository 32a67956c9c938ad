"""Pictures that a chat can show: boards drawn as SVG and rendered to PNG with one bundled font."""
