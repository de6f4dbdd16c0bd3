"""Template tags of the porch: the parts of the design system, pure functions of their input."""
