// Configures the emulator from the command line's options, and reads the files that they name.
#pragma once

#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/options.hpp"

namespace bqconn::emulator {

// Sets all but log and record. Throws Error (config) for a file that cannot be read or parsed.
EmulatorOptions emulator_options(const Options& options);

}  // namespace bqconn::emulator
