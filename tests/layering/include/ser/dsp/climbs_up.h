#pragma once

// dsp may not know of audio: the layering check has to find this.
#include "ser/audio/waveform.h"
