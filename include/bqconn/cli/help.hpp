// Help texts, generated from the tables of verbs, settings and exit codes; 80 columns wide.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/commands/verb.hpp"

namespace bqconn::cli {

// The parts of the general help that are in no table; the manual page has them too.
inline constexpr std::string_view subject =
    "Google BigQuery base connections in Adobe Experience Platform";
inline constexpr std::string_view general_examples =
    "  # Try it without an account, in a local emulator of Adobe's services\n"
    "  bqconn-emulator exec -- bqconn create\n\n"
    "  # Show what would be sent\n"
    "  bqconn create --project my-project-123 --key-file key.json --dry-run";

std::string general_help();
std::string help_of(const commands::Verb& verb);
std::string help_of(const commands::VerbGroup& group);

// "bqconn X.Y.Z", then the libraries in use and the commit.
std::string version_text(const std::string& curl_version);

}  // namespace bqconn::cli
