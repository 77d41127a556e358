#pragma once

namespace ser::model {

// Throws ModelError (E_MODEL_CONTENT) for a temperature beyond which nothing but certainty or
// chance is left, and for NaN.
void check_temperature(double temperature);

}  // namespace ser::model
