#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

// Swift imports neither macros that call functions nor the library's global identifiers under strict
// concurrency, so each one that is used gets an accessor here.
static inline hid_t chdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_file_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_file_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_file_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_file_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_file_int16(void) { return H5T_STD_I16LE; }
static inline hid_t chdf5_file_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable_size(void) { return H5T_VARIABLE; }
static inline hid_t chdf5_file_access_list(void) { return H5Pcreate(H5P_FILE_ACCESS); }
static inline hid_t chdf5_file_create_list(void) { return H5Pcreate(H5P_FILE_CREATE); }
static inline hid_t chdf5_group_create_list(void) { return H5Pcreate(H5P_GROUP_CREATE); }
static inline hid_t chdf5_dataset_create_list(void) { return H5Pcreate(H5P_DATASET_CREATE); }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

// Without this the library would load filters from folders that the environment names.
//
// Nor does it clear up as the program ends: files are written in memory, so that there is nothing to save, and where
// a call has failed before, clearing up is where it crashes (1.10.8).
static inline herr_t chdf5_start(void) {
  H5dont_atexit();
  if (H5open() < 0) return -1;
  return H5PLset_loading_state(0);
}

// Stops the library from printing its errors by itself; it keeps this setting for each thread.
static inline void chdf5_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// The deepest message of the error stack is the one that names the cause.
struct chdf5_message {
  char text[256];
};
static inline herr_t chdf5_keep_message(unsigned n, const H5E_error2_t *error, void *message) {
  if (n == 0 && error->desc) strncpy(((struct chdf5_message *)message)->text, error->desc, 255);
  return 0;
}
static inline struct chdf5_message chdf5_last_message(void) {
  struct chdf5_message message = {{0}};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, chdf5_keep_message, &message);
  H5Eclear2(H5E_DEFAULT);
  return message;
}

// A file in memory hands its buffer to image_free as it closes; keeping it there is the only way to the
// finished bytes. H5Fget_file_image before the close leaves the superblock's checksum wrong (1.10.8), and a
// file on a disk can fail in ways that the library does not report.
struct chdf5_image {
  void *bytes;
  size_t size;
};
static inline void *chdf5_image_malloc(size_t size, H5FD_file_image_op_t op, void *image) {
  if (image) ((struct chdf5_image *)image)->size = size;
  return malloc(size);
}
static inline void *chdf5_image_memcpy(
    void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *image) {
  return memcpy(to, from, size);
}
static inline void *chdf5_image_realloc(void *bytes, size_t size, H5FD_file_image_op_t op, void *image) {
  if (image) ((struct chdf5_image *)image)->size = size;
  return realloc(bytes, size);
}
static inline herr_t chdf5_image_free(void *bytes, H5FD_file_image_op_t op, void *image) {
  if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE && image)
    ((struct chdf5_image *)image)->bytes = bytes;
  else
    free(bytes);
  return 0;
}
static inline void *chdf5_image_same(void *image) { return image; }
static inline herr_t chdf5_image_leave(void *image) { return 0; }
static inline herr_t chdf5_keep_image(hid_t access, struct chdf5_image *image, size_t step) {
  H5FD_file_image_callbacks_t callbacks = {
      chdf5_image_malloc, chdf5_image_memcpy, chdf5_image_realloc, chdf5_image_free,
      chdf5_image_same,   chdf5_image_leave,  image};
  if (H5Pset_fapl_core(access, step, 0) < 0) return -1;
  return H5Pset_file_image_callbacks(access, &callbacks);
}

// A file that is read from memory which somebody else keeps: without these the library copies it twice.
static inline void *chdf5_borrowed_malloc(size_t size, H5FD_file_image_op_t op, void *image) {
  return size == ((struct chdf5_image *)image)->size ? ((struct chdf5_image *)image)->bytes : NULL;
}
static inline void *chdf5_borrowed_memcpy(
    void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *image) {
  return to == from ? to : NULL;
}
static inline void *chdf5_borrowed_realloc(void *bytes, size_t size, H5FD_file_image_op_t op, void *image) {
  return NULL;
}
static inline herr_t chdf5_borrowed_free(void *bytes, H5FD_file_image_op_t op, void *image) { return 0; }
static inline herr_t chdf5_borrow_image(hid_t access, struct chdf5_image *image) {
  H5FD_file_image_callbacks_t callbacks = {
      chdf5_borrowed_malloc, chdf5_borrowed_memcpy, chdf5_borrowed_realloc, chdf5_borrowed_free,
      chdf5_image_same,      chdf5_image_leave,     image};
  if (H5Pset_fapl_core(access, 1 << 20, 0) < 0) return -1;
  if (H5Pset_file_image_callbacks(access, &callbacks) < 0) return -1;
  return H5Pset_file_image(access, image->bytes, image->size);
}

// Locking a file that is only read fails on file systems without locks, and gains nothing.
static inline herr_t chdf5_no_locking(hid_t access) {
#if H5_VERSION_GE(1, 14, 0) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  return H5Pset_file_locking(access, 0, 1);
#else
  return 0;
#endif
}

// Soft and external links lead out of a file, so the question is asked of every step of a path.
static inline int chdf5_link_is_hard(hid_t place, const char *name) {
  H5L_info_t info;
  return H5Lget_info(place, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

// Names of a group in the order of their bytes; `index` from 0. Returns the length, or less than 0.
static inline ssize_t chdf5_name(hid_t group, hsize_t index, char *name, size_t size) {
  return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, size, H5P_DEFAULT);
}
