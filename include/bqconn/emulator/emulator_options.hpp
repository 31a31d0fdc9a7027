// What the emulator is to be, from the options of the command line: reads the files that they name.
#pragma once

#include "bqconn/emulator/emulator.hpp"
#include "bqconn/emulator/options.hpp"

namespace bqconn::emulator {

// All but log and record. Throws Error (config) for a file that cannot be read or understood.
EmulatorOptions emulator_options(const Options& options);

}  // namespace bqconn::emulator
