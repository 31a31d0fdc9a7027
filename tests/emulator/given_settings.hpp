// Runs the real program and uses the settings that it provides.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/http_client.hpp"
#include "emulator/program.hpp"

namespace bqconn::emulator {

using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

inline const std::string binary = BQCONN_EMULATOR_BINARY;

// bqconn-emulator exec OPTIONS -- COMMAND
Words exec_with(const Words& options, const Words& command);
Finished exec(const Words& command, const Words& options = {}, const Words& environment = {});

// From NAME=value lines.
Variables variables_of(const std::string& text);

std::uint16_t port_of(const std::string& url);

// The headers that the gateway requires, with a token fetched with `settings`.
Headers credentials_of(const Variables& settings);

// POST /connections with the Google settings.
Reply create_with(const Variables& settings, const Headers& headers);

}  // namespace bqconn::emulator
