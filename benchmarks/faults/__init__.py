"""Models trained with one fault each, and their healthy twins: does the doctor name the fault, and stay silent else?"""
