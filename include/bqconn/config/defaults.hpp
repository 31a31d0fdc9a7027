// What holds where a setting is not given.
#pragma once

#include <string_view>

#include "bqconn/config/settings.hpp"

namespace bqconn::config {

// As it would be written; empty where there is no default, or it follows from other settings.
std::string_view default_of(Setting setting);

}  // namespace bqconn::config
