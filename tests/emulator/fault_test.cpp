#include "bqconn/emulator/fault.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bqconn/core/error.hpp"

namespace bqconn::emulator {
namespace {

using namespace std::chrono_literals;

TEST(ParseFault, Everything) {
    const Fault fault =
        parse_fault("POST /connections=apply-then-html-502;times=3;after=2;slow=10;retry-after=7");
    EXPECT_EQ(fault.method, "POST");
    EXPECT_EQ(fault.path, "/connections");
    EXPECT_EQ(fault.action, FaultAction::html);
    EXPECT_EQ(fault.status, 502);
    EXPECT_TRUE(fault.apply);
    EXPECT_EQ(fault.times, 3U);
    EXPECT_EQ(fault.after, 2U);
    EXPECT_EQ(fault.delay, 10ms);
    EXPECT_EQ(fault.retry_after, "7");
}

TEST(ParseFault, Actions) {
    EXPECT_EQ(parse_fault("* /a=599").action, FaultAction::status);
    EXPECT_EQ(parse_fault("* /a=200").status, 200);
    EXPECT_EQ(parse_fault("* /a=empty-200").action, FaultAction::empty);
    EXPECT_EQ(parse_fault("* /a=reset").action, FaultAction::reset);
    EXPECT_TRUE(parse_fault("* /a=apply-then-reset").apply);
    EXPECT_EQ(parse_fault("* /a=truncate=0").action, FaultAction::truncate);
    EXPECT_EQ(parse_fault("* /a=slow=5").action, FaultAction::pass);
    EXPECT_FALSE(parse_fault("* /a=503").times.has_value());
}

TEST(ParseFault, RefusesWhatItDoesNotUnderstand) {
    for (const char* const text : {"",
                                   "503",
                                   "POST=503",
                                   "BREW /connections=503",
                                   "POST /connections=503;times=0",
                                   "/connections=503",
                                   "POST /connections",
                                   "POST /connections=",
                                   "post /connections=503",
                                   " /connections=503",
                                   "POST  /connections=503",
                                   "POST connections=503",
                                   "POST /a?b=503",
                                   "POST /a=199",
                                   "POST /a=600",
                                   "POST /a=50",
                                   "POST /a=5033",
                                   "POST /a=html",
                                   "POST /a=html-",
                                   "POST /a=html-x",
                                   "POST /a=empty-0",
                                   "POST /a=resett",
                                   "POST /a=Reset",
                                   "POST /a=truncate",
                                   "POST /a=truncate=",
                                   "POST /a=truncate=-1",
                                   "POST /a=truncate=1x",
                                   "POST /a=slow=",
                                   "POST /a=slow=1.5",
                                   "POST /a=apply-then-",
                                   "POST /a=apply-then-truncate=1",
                                   "POST /a=apply-then-slow=1",
                                   "POST /a=apply-then-apply-then-500",
                                   "POST /a=503;",
                                   "POST /a=503;time=1",
                                   "POST /a=503;times=",
                                   "POST /a=503;times=x",
                                   "POST /a=503;times=99999999999999999999",
                                   "POST /a=503;after=",
                                   "POST /a=503;retry-after=",
                                   "POST /a=503;retry-after=1\n",
                                   "POST /a=503; times=1",
                                   "POST /a=503,times=1"}) {
        try {
            parse_fault(text);
            ADD_FAILURE() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_code(), ExitCode::usage) << text;
            EXPECT_TRUE(error.message().starts_with("--fault: ")) << text;
        }
    }
}

TEST(FaultList, MatchesMethodAndPath) {
    FaultList faults({parse_fault("GET /connections/*=503"), parse_fault("* /ims/token/v3=500")});
    const std::string base = "/data/foundation/flowservice";
    EXPECT_NE(faults.take("GET", base + "/connections/abc"), nullptr);
    EXPECT_NE(faults.take("GET", "/connections/abc"), nullptr);
    EXPECT_EQ(faults.take("POST", base + "/connections/abc"), nullptr);
    EXPECT_EQ(faults.take("GET", base + "/connections"), nullptr);
    EXPECT_EQ(faults.take("GET", base + "/connections/abc/test"), nullptr);
    EXPECT_NE(faults.take("PATCH", "/ims/token/v3"), nullptr);
}

TEST(FaultList, TimesAndAfter) {
    FaultList faults({parse_fault("* /a=500;times=1;after=1"), parse_fault("* /a=503;times=1")});
    EXPECT_EQ(faults.take("GET", "/a")->status, 503);
    EXPECT_EQ(faults.take("GET", "/a")->status, 500);
    EXPECT_EQ(faults.take("GET", "/a"), nullptr);
}

TEST(FaultList, WhatIsGivenBackStrikesAgain) {
    FaultList faults({parse_fault("* /a=500;times=1")});
    const Fault* fault = faults.take("GET", "/a");
    faults.give_back(fault);
    EXPECT_EQ(faults.take("GET", "/a"), fault);
    EXPECT_EQ(faults.take("GET", "/a"), nullptr);
}

}  // namespace
}  // namespace bqconn::emulator
