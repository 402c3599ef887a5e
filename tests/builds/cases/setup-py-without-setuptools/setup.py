from setuptools import Extension, setup

setup(ext_modules=[Extension("thing._speed", ["src/thing/_speed.c"])])
