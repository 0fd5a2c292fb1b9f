"""Charts drawn on the server as SVG, without script or inline style."""
