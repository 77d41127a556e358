/* Uses the shared library as a program in C does: c_interface_test MODEL SAMPLES RATE RECORDING,
 * where SAMPLES is a file of mono floats and RECORDING one that holds the same. Prints the
 * probabilities of each class by both, and fails where something else than documented happens. */
#define _DEFAULT_SOURCE
#include <math.h>
#include <pthread.h>
#include <ser.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define MOST_CLASSES 16

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

#define CHECK_FAILS(call, status, expected)     \
  do {                                          \
    ser_error error;                            \
    memset(&error, 'x', sizeof error);          \
    CHECK((call) == (status));                  \
    CHECK(strcmp(error.code, (expected)) == 0); \
    CHECK(strlen(error.message) > 5);           \
  } while (0)

static float* read_samples(const char* path, size_t* count) {
  static float samples[1 << 20];
  FILE* file = fopen(path, "rb");
  *count = file == NULL ? 0 : fread(samples, sizeof samples[0], 1 << 20, file);
  if (file != NULL) fclose(file);
  return samples;
}

static void check_loading(const char* path) {
  ser_model* model = NULL;
  CHECK_FAILS(ser_model_load(NULL, &model, &error), SER_WRONG_ARGUMENT, "E_ARGUMENT");
  CHECK_FAILS(ser_model_load(path, NULL, &error), SER_WRONG_ARGUMENT, "E_ARGUMENT");
  CHECK_FAILS(ser_model_load("/nowhere/m.ser", &model, &error), SER_UNUSABLE_MODEL,
              "E_MODEL_MISSING");
  CHECK_FAILS(ser_model_load("", &model, &error), SER_UNUSABLE_MODEL, "E_MODEL_MISSING");
  CHECK_FAILS(ser_model_load("/", &model, &error), SER_UNUSABLE_MODEL, "E_MODEL_READ");
  CHECK(ser_model_load("/nowhere/m.ser", &model, NULL) == SER_UNUSABLE_MODEL);
  CHECK(model == NULL);
  ser_model_free(NULL);
  CHECK(ser_model_num_classes(NULL) == 0);
  CHECK(ser_model_class_name(NULL, 0) == NULL);
}

/* A message that does not fit ends between two characters of UTF-8. */
static void check_long_message(void) {
  static char path[4001];
  ser_model* model = NULL;
  ser_error error;
  size_t size, i;
  for (i = 0; i + 1 < sizeof path; i += 2) memcpy(path + i, "\xC3\xBC", 2);
  for (i = 0; i < 2; ++i) {
    path[0] = 'x';
    CHECK(ser_model_load(path + i, &model, &error) != SER_OK);
    size = strlen(error.message);
    CHECK(size == sizeof error.message - 1 || size == sizeof error.message - 2);
    CHECK((unsigned char)error.message[size - 1] == 0xBC);
  }
}

static void check_wrong_arguments(const ser_model* model, const float* samples, size_t count,
                                  int rate) {
  float out[MOST_CLASSES];
  float changed[4000];
  const float strange[] = {NAN, INFINITY, -INFINITY};
  const size_t classes = ser_model_num_classes(model);
  const int wrong_rates[] = {0, -1, 3999, 768001, 1000000000, INT32_MIN, INT32_MAX};
  const int wrong_channels[] = {0, -1, 17, INT32_MIN, INT32_MAX};
  const size_t wrong_classes[] = {0, classes - 1, classes + 1, SIZE_MAX};
  size_t i;
  memset(out, 0x55, sizeof out);
#define PREDICT(model, samples, count, channels, rate, out, classes) \
  ser_predict(model, samples, count, channels, rate, out, classes, &error)
  CHECK_FAILS(PREDICT(NULL, samples, count, 1, rate, out, classes), SER_WRONG_ARGUMENT,
              "E_ARGUMENT");
  CHECK_FAILS(PREDICT(model, NULL, count, 1, rate, out, classes), SER_WRONG_ARGUMENT, "E_ARGUMENT");
  CHECK_FAILS(PREDICT(model, samples, count, 1, rate, NULL, classes), SER_WRONG_ARGUMENT,
              "E_ARGUMENT");
  CHECK_FAILS(PREDICT(model, samples, 0, 1, rate, out, classes), SER_UNUSABLE_AUDIO,
              "E_AUDIO_EMPTY");
  CHECK_FAILS(PREDICT(model, NULL, 0, 1, rate, out, classes), SER_UNUSABLE_AUDIO, "E_AUDIO_EMPTY");
  CHECK_FAILS(PREDICT(model, samples, SIZE_MAX, 1, rate, out, classes), SER_UNUSABLE_AUDIO,
              "E_AUDIO_LIMIT");
  CHECK_FAILS(PREDICT(model, samples, SIZE_MAX / 4 + 2, 16, rate, out, classes), SER_UNUSABLE_AUDIO,
              "E_AUDIO_LIMIT");
  for (i = 0; i < sizeof wrong_rates / sizeof wrong_rates[0]; ++i) {
    CHECK_FAILS(PREDICT(model, samples, count, 1, wrong_rates[i], out, classes), SER_UNUSABLE_AUDIO,
                "E_AUDIO_LIMIT");
  }
  for (i = 0; i < sizeof wrong_channels / sizeof wrong_channels[0]; ++i) {
    CHECK_FAILS(PREDICT(model, samples, count, wrong_channels[i], rate, out, classes),
                SER_WRONG_ARGUMENT, "E_ARGUMENT");
  }
  for (i = 0; i < sizeof wrong_classes / sizeof wrong_classes[0]; ++i) {
    CHECK_FAILS(PREDICT(model, samples, count, 1, rate, out, wrong_classes[i]), SER_WRONG_ARGUMENT,
                "E_ARGUMENT");
  }
  CHECK(count >= 4000);
  for (i = 0; i < 3; ++i) {
    memcpy(changed, samples, sizeof changed);
    changed[3999] = strange[i];
    CHECK_FAILS(PREDICT(model, changed, 4000, 1, rate, out, classes), SER_UNUSABLE_AUDIO,
                "E_AUDIO_NOT_FINITE");
    CHECK_FAILS(PREDICT(model, changed, 2000, 2, rate, out, classes), SER_UNUSABLE_AUDIO,
                "E_AUDIO_NOT_FINITE");
  }
  CHECK_FAILS(ser_predict_file(NULL, "x.wav", out, classes, &error), SER_WRONG_ARGUMENT,
              "E_ARGUMENT");
  CHECK_FAILS(ser_predict_file(model, NULL, out, classes, &error), SER_WRONG_ARGUMENT,
              "E_ARGUMENT");
  CHECK_FAILS(ser_predict_file(model, "/nowhere.wav", out, classes, &error), SER_UNUSABLE_AUDIO,
              "E_AUDIO_MISSING");
  CHECK_FAILS(ser_predict_file(model, "/dev/zero", out, classes, &error), SER_UNUSABLE_AUDIO,
              "E_AUDIO_FORMAT");
  for (i = 0; i < sizeof out; ++i) CHECK(((unsigned char*)out)[i] == 0x55);
}

/* Where memory is limited, an hour and more of samples cannot be copied. */
static void check_no_memory(const ser_model* model, int rate) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  (void)model;
  (void)rate;
#else
  const size_t frames = (size_t)400 << 20;
  float out[MOST_CLASSES];
  struct rlimit limit = {(rlim_t)2 << 30, RLIM_INFINITY};
  void* samples = mmap(NULL, frames * sizeof(float), PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(samples != MAP_FAILED);
  if (samples == MAP_FAILED) return;
  CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
  limit.rlim_cur = (rlim_t)2 << 30;
  CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
  CHECK_FAILS(PREDICT(model, samples, frames, 1, rate, out, ser_model_num_classes(model)),
              SER_NO_MEMORY, "E_MEMORY");
  limit.rlim_cur = limit.rlim_max;
  CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
  munmap(samples, frames * sizeof(float));
#endif
}

/* Channels are averaged: twice the same is the same. */
static void check_channels(const ser_model* model, const float* samples, size_t count, int rate,
                           const float* expected) {
  static float interleaved[1 << 21];
  float out[MOST_CLASSES];
  size_t i;
  for (i = 0; i < 2 * count; ++i) interleaved[i] = samples[i / 2];
  CHECK(ser_predict(model, interleaved, count, 2, rate, out, ser_model_num_classes(model), NULL) ==
        SER_OK);
  for (i = 0; i < ser_model_num_classes(model); ++i) CHECK(out[i] == expected[i]);
}

typedef struct question {
  const ser_model* model;
  const float* samples;
  size_t count;
  int rate;
  float answer[MOST_CLASSES];
  ser_status status;
} question;

static void* ask(void* argument) {
  question* asked = argument;
  asked->status = ser_predict(asked->model, asked->samples, asked->count, 1, asked->rate,
                              asked->answer, ser_model_num_classes(asked->model), NULL);
  return NULL;
}

/* Several threads share a model, with as little stack as the header asks for. */
static void check_threads(const ser_model* model, const float* samples, size_t count, int rate,
                          const float* expected) {
  pthread_t threads[4];
  question questions[4];
  pthread_attr_t attributes;
  size_t i, j;
  pthread_attr_init(&attributes);
  CHECK(pthread_attr_setstacksize(&attributes, 2 << 20) == 0);
  for (i = 0; i < 4; ++i) {
    questions[i].model = model;
    questions[i].samples = samples;
    questions[i].count = count;
    questions[i].rate = rate;
    CHECK(pthread_create(&threads[i], &attributes, ask, &questions[i]) == 0);
  }
  for (i = 0; i < 4; ++i) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(questions[i].status == SER_OK);
    for (j = 0; j < ser_model_num_classes(model); ++j) {
      CHECK(questions[i].answer[j] == expected[j]);
    }
  }
  pthread_attr_destroy(&attributes);
}

int main(int argc, char** argv) {
  ser_model* model = NULL;
  ser_error error;
  float of_samples[MOST_CLASSES], of_file[MOST_CLASSES];
  size_t count, classes, i;
  const float* samples;
  int rate;
  if (argc != 5) return 2;
  samples = read_samples(argv[2], &count);
  rate = atoi(argv[3]);
  CHECK(strcmp(ser_version(), "0.1.0") == 0);
  check_loading(argv[1]);
  check_long_message();
  memset(&error, 'x', sizeof error);
  if (ser_model_load(argv[1], &model, &error) != SER_OK) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
    return 1;
  }
  CHECK(error.code[0] == '\0' && error.message[0] == '\0');
  classes = ser_model_num_classes(model);
  CHECK(classes >= 2 && classes <= MOST_CLASSES);
  CHECK(ser_model_class_name(model, classes) == NULL);
  CHECK(ser_model_class_name(model, SIZE_MAX) == NULL);
  check_wrong_arguments(model, samples, count, rate);
  CHECK(ser_predict(model, samples, count, 1, rate, of_samples, classes, &error) == SER_OK);
  CHECK(ser_predict_file(model, argv[4], of_file, classes, &error) == SER_OK);
  CHECK(error.code[0] == '\0');
  check_channels(model, samples, count, rate, of_samples);
  check_threads(model, samples, count, rate, of_samples);
  check_no_memory(model, rate);
  for (i = 0; i < classes; ++i) {
    printf("%s\t%.9g\t%.9g\n", ser_model_class_name(model, i), of_samples[i], of_file[i]);
  }
  ser_model_free(model);
  return failures == 0 ? 0 : 1;
}
