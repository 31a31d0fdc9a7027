// The defaults of settings.
#pragma once

#include <string_view>

#include "bqconn/config/settings.hpp"

namespace bqconn::config {

// The default as text; empty if there is none or it depends on other settings.
std::string_view default_of(Setting setting);

}  // namespace bqconn::config
