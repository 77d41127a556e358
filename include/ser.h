/* Speech emotion recognition from C, and from whatever can call C.
 *
 * Every function may be called from any number of threads at once, also with one model. None
 * prints, ends the program or lets an exception out. A calling thread needs 2 MiB of stack.
 * Functions that can fail return SER_OK or another ser_status, and then leave everything but the
 * error as it was. */
#ifndef SER_H
#define SER_H

#include <stddef.h>

#if defined(__GNUC__)
#define SER_API __attribute__((visibility("default")))
#else
#define SER_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ser_status {
  SER_OK = 0,
  SER_WRONG_ARGUMENT = 1, /* a null pointer, no channels, too little space for the result */
  SER_UNUSABLE_AUDIO = 2,
  SER_UNUSABLE_MODEL = 3,
  SER_NO_MEMORY = 4,
  SER_DEFECT = 5 /* of the library */
} ser_status;

/* What went wrong; both texts end with a zero byte and are empty after success. Wherever one is
 * taken, a null pointer may stand. */
typedef struct ser_error {
  char code[64];     /* stable, for programs: "E_MODEL_MISSING" */
  char message[960]; /* for people, in UTF-8; what does not fit is cut off */
} ser_error;

/* A trained model. It does not change, and needs no other files once it is loaded. */
typedef struct ser_model ser_model;

/* "0.1.0". */
SER_API const char* ser_version(void);

/* Loads the file of a model, and puts it into *model, which is to be given to ser_model_free(). */
SER_API ser_status ser_model_load(const char* path, ser_model** model, ser_error* error);

/* No call with the model may be under way. A null pointer is left alone. */
SER_API void ser_model_free(ser_model* model);

/* How many classes the model tells apart; 0 for a null pointer. */
SER_API size_t ser_model_num_classes(const ser_model* model);

/* The name of a class, from 0, in UTF-8, which lives as long as the model; a null pointer where
 * there is no such class. */
SER_API const char* ser_model_class_name(const ser_model* model, size_t index);

/* The probability of each class for a recording in memory: as for a file that holds it, so of the
 * part that the model was trained on (by default 2.5 s after the first 0.6 s).
 *
 * samples:        [frames * channels], full scale [-1, 1], the channels of a frame beside each
 * other; they are averaged. All must be finite. channels:       1 to 16 sample_rate_hz: 4000 to
 * 768000 probabilities:  [num_classes], in the order of the class names, which sum to 1;
 * num_classes must be ser_model_num_classes(). */
SER_API ser_status ser_predict(const ser_model* model, const float* samples, size_t frames,
                               int channels, int sample_rate_hz, float* probabilities,
                               size_t num_classes, ser_error* error);

/* The same for the recording in a file: WAV, AIFF or FLAC. */
SER_API ser_status ser_predict_file(const ser_model* model, const char* path, float* probabilities,
                                    size_t num_classes, ser_error* error);

#ifdef __cplusplus
}
#endif

#endif
