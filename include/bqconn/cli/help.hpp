// Help texts, generated from the tables of verbs, settings and exit codes; 80 columns wide.
#pragma once

#include <string>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::cli {

std::string general_help();
std::string help_of(const Verb& verb);
std::string help_of(const VerbGroup& group);

// "bqconn X.Y.Z", then the libraries in use and the commit.
std::string version_text(const std::string& curl_version);

}  // namespace bqconn::cli
