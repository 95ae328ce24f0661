#include <hdf5.h>

// Swift imports neither macros that call functions nor, under strict concurrency, the library's global
// identifiers, so each one that is used gets an accessor here.
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline hid_t chdf5_error_default(void) { return H5E_DEFAULT; }
static inline unsigned long long chdf5_unlimited(void) { return H5S_UNLIMITED; }

// In memory.
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
// In files: the same on every machine.
static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_int16(void) { return H5T_STD_I16LE; }
static inline hid_t chdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
