#include <linear.h>
#include <string.h>

/* The library's solver settings with what its versions have added since 2.3 at the values that change nothing. */
static inline struct parameter clinear_parameter(int solver, double cost, double tolerance) {
  struct parameter p;
  memset(&p, 0, sizeof p);
  p.solver_type = solver;
  p.C = cost;
  p.eps = tolerance;
  p.p = 0.1;
#if LIBLINEAR_VERSION >= 240
  p.regularize_bias = 1;
#endif
  return p;
}

static void clinear_say_nothing(const char *text) { (void)text; }

/* The library prints its progress on standard output unless it is given somewhere else to. */
static inline void clinear_be_silent(void) { set_print_string_function(clinear_say_nothing); }

/* `train` and `parameter` are words that anybody may use. */
static inline struct model *clinear_train(const struct problem *prob, const struct parameter *param) {
  return train(prob, param);
}
