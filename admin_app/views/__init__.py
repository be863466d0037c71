"""The screens: read a form, call one verb, answer. Alone knows Flask and HTML."""
