// The settings that a verb needs but does not have.
#pragma once

#include <string>
#include <vector>

#include "bqconn/config/settings.hpp"

namespace bqconn::config {

// Collects missing settings, so that one message names them all.
class Missing {
  public:
    void add(Setting setting) { settings_.push_back(setting); }
    void add_google_credentials() { google_ = true; }  // no setting of either auth kind
    void add_adobe_token() { token_ = true; }          // neither a token nor a secret to fetch one

    bool empty() const { return settings_.empty() && !google_ && !token_; }
    std::vector<std::string> flags() const;  // "--org-id", …, for the output of a dry run

    // Throws Error (usage, "usage.missing_settings") that names each flag and variable and where to
    // find the value.
    void report() const;

  private:
    std::vector<Setting> settings_;
    bool google_ = false;
    bool token_ = false;
};

}  // namespace bqconn::config
