"""ctypes_test.py LIBRARY MODEL RECORDING.wav: uses the shared library from Python, with the standard library only, and prints the
probabilities of each class. The recording has 16 bits and one channel."""
import array
import ctypes
import math
import sys
import threading
import wave


class Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_char * 64), ("message", ctypes.c_char * 960)]


ser = ctypes.CDLL(sys.argv[1])
ser.ser_version.restype = ctypes.c_char_p
ser.ser_model_free.argtypes = [ctypes.c_void_p]
ser.ser_model_num_classes.argtypes = [ctypes.c_void_p]
ser.ser_model_num_classes.restype = ctypes.c_size_t
ser.ser_model_class_name.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
ser.ser_model_class_name.restype = ctypes.c_char_p
ser.ser_predict.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_float), ctypes.c_size_t, ctypes.c_int,
                            ctypes.c_int, ctypes.POINTER(ctypes.c_float), ctypes.c_size_t, ctypes.c_void_p]

assert ser.ser_version() == b"0.1.0"
error = Error()
model = ctypes.c_void_p()
assert ser.ser_model_load(b"/nowhere", ctypes.byref(model), ctypes.byref(error)) == 3
assert error.code == b"E_MODEL_MISSING" and b"/nowhere" in error.message
assert ser.ser_model_load(sys.argv[2].encode(), ctypes.byref(model), ctypes.byref(error)) == 0, error.message
assert error.code == b""

with wave.open(sys.argv[3]) as recording:
    assert recording.getnchannels() == 1 and recording.getsampwidth() == 2
    rate = recording.getframerate()
    integers = array.array("h", recording.readframes(recording.getnframes()))
samples = (ctypes.c_float * len(integers))(*[value / 32768 for value in integers])
classes = ser.ser_model_num_classes(model)


def predict():
    probabilities = (ctypes.c_float * classes)()
    status = ser.ser_predict(model, samples, len(samples), 1, rate, probabilities, classes, ctypes.byref(error))
    assert status == 0, error.message
    return list(probabilities)


probabilities = predict()
assert math.isclose(sum(probabilities), 1.0, rel_tol=1e-5)

# Python's threads call it at one time.
answers = [None] * 8
threads = [threading.Thread(target=lambda i=i: answers.__setitem__(i, predict())) for i in range(len(answers))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert answers == [probabilities] * len(answers)

for i in range(classes):
    print(ser.ser_model_class_name(model, i).decode(), f"{probabilities[i]:.9g}", sep="\t")
ser.ser_model_free(model)
