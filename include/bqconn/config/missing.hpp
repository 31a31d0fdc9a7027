// What a verb needs and was not given.
#pragma once

#include <string>
#include <vector>

#include "bqconn/config/settings.hpp"

namespace bqconn::config {

// Collects what is missing, so that one message names all of it.
class Missing {
  public:
    void add(Setting setting) { settings_.push_back(setting); }
    void add_google_credentials() { google_ = true; }  // neither auth kind was begun
    void add_adobe_token() { token_ = true; }          // neither a token nor a secret to fetch one

    bool empty() const { return settings_.empty() && !google_ && !token_; }
    std::vector<std::string> flags() const;  // "--org-id", …, for the output of a dry run

    // Throws Error (usage, "usage.missing_settings") that names, for each, flag, variable and where
    // to find the value.
    void report() const;

  private:
    std::vector<Setting> settings_;
    bool google_ = false;
    bool token_ = false;
};

}  // namespace bqconn::config
