// How the emulated services are to behave, where that is for the user to say.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/emulator/bigquery_project.hpp"
#include "bqconn/emulator/failures.hpp"

namespace bqconn::emulator {

struct ServiceOptions {
    bool patch = true;     // false: PATCH /connections/{id} is not enabled
    bool licensed = true;  // false: the organisation has no licence for the BigQuery source
    // What the tests of connections come to, in order; the last one stays. Empty: true.
    std::vector<bool> test_results;
    // The text that names bad credentials, one on each line, read anew each time; empty: none.
    std::function<std::string()> bad_credentials;
    BigQueryProject bigquery = sample_bigquery_project();
    GoogleFailures google;
    AdobeFailures adobe;
    std::chrono::seconds date_shift{0};  // of the Date header, and of nothing else
};

}  // namespace bqconn::emulator
