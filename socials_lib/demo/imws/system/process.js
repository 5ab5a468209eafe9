/* Added to the substitute only where the stand-in may run programs. */
IMatch.processRun = function processRun(parameters) {
  return IMWS.substituteCall("/system/imatch/substitute/process-run",
    {call: JSON.stringify(parameters)});
};
