#include <hdf5.h>

// Swift imports neither macros that call functions nor the library's global identifiers under strict
// concurrency, so each one that is used gets an accessor here.
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
