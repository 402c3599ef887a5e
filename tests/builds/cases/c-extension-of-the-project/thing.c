#include <Python.h>

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "thing", NULL, -1, NULL};

PyMODINIT_FUNC PyInit_thing(void) { return PyModule_Create(&module); }
